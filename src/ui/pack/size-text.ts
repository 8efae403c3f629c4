/** How many networks: "2.13", "4". */
export const timesText = (times: number): string => String(Number(times.toFixed(2)));
