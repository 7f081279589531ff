// @ts-check
/** Lays out a family of models: parents left of children, one row for each line of descent. Pure. */

/**
 * @typedef {{id: string, parents: {id: string, weight: number}[]}} Member
 * @typedef {{id: string, column: number, row: number}} Placed
 */

/**
 * @template {Member} M
 * @param {M[]} members the older first
 * @returns {{placed: (M & Placed)[], links: {from: M & Placed, to: M & Placed, weight: number}[], columns: number,
 *     rows: number}}
 */
export function layOut(members) {
  /** @type {Map<string, M & Placed>} */
  const found = new Map();
  let rows = 0;
  const continued = new Set();
  for (const member of members) {
    const parents = member.parents.map(({ id }) => found.get(id)).filter((one) => one !== undefined);
    const column = parents.length ? Math.max(...parents.map((one) => one.column)) + 1 : 0;
    const heir = parents.find((one) => !continued.has(one.id));
    const row = heir ? heir.row : rows++;
    if (heir) continued.add(heir.id);
    found.set(member.id, { ...member, column, row });
  }
  const placed = [...found.values()];
  const links = placed.flatMap((to) =>
    to.parents.flatMap(({ id, weight }) => {
      const from = found.get(id);
      return from ? [{ from, to, weight }] : [];
    }),
  );
  return { placed, links, columns: Math.max(0, ...placed.map((one) => one.column)) + 1, rows };
}
