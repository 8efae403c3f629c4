/** Which methods a run of the tests is about: all, or those that `METHODS=ties,slerp` names. */
const wanted = (typeof process === 'undefined' ? undefined : process.env.METHODS)?.split(',');

export const chosen = (id: string): boolean => wanted === undefined || wanted.includes(id);
