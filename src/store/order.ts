/** What of a recipe's order and ranges the screen asks for. */
import catalogue from 'virtual:catalogue';
import { dependsOnOrder, isGroupable, type NumberControl, type Recipe, widestRange } from '../formats/recipe.ts';

/** Whether the experts in another order would be another merge. */
export const isOrdered = (recipe: Recipe): boolean => dependsOnOrder(recipe, catalogue);

/** Whether the range of a control can be unlocked, and how far it then goes. */
export const unlockedRange = (control: NumberControl): { readonly min: number; readonly max: number } | undefined =>
  isGroupable(control) && !control.integer ? widestRange(control) : undefined;
