/**
 * How much of the variance of values their groups explain: ε² (Kelley 1935), the η² of a one-way analysis of variance
 * without the part that groups explain by chance; 0 where that leaves nothing. Null for values that are all equal, for
 * a single group, or where every group holds a single value: there is nothing to tell.
 */
export function explainedVariance(groups: readonly (readonly number[])[]): number | null {
  const filled = groups.filter((group) => group.length > 0);
  const values = filled.flat();
  const within = filled.reduce((sum, group) => sum + squares(group), 0);
  const total = squares(values);
  if (total === 0 || filled.length < 2 || filled.length === values.length) return null;
  const residual = within / (values.length - filled.length);
  return Math.max(0, (total - within - (filled.length - 1) * residual) / total);
}

/** The sum of the squared distances to the mean. */
function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
