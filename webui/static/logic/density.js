// @ts-check
/** How dense points lie, on a coarse grid: each adds a small bell. Pure. */

/**
 * @param {number[][]} points as shares of the area, 0 to 1 each way; those outside count at its edge
 * @param {number} columns @param {number} rows of the grid
 * @param {number} reach of a bell in cells
 * @returns {Float32Array} row by row, 0 to 1 for the densest cell
 */
export function density(points, columns, rows, reach) {
  const grid = new Float32Array(columns * rows);
  for (const [x, y] of points) {
    const [middle, level] = [x * columns - 0.5, y * rows - 0.5];
    for (let row = Math.max(0, Math.ceil(level - reach)); row <= Math.min(rows - 1, level + reach); row += 1) {
      for (
        let column = Math.max(0, Math.ceil(middle - reach));
        column <= Math.min(columns - 1, middle + reach);
        column += 1
      ) {
        const away = ((column - middle) ** 2 + (row - level) ** 2) / reach ** 2;
        if (away < 1) grid[row * columns + column] += (1 - away) ** 2;
      }
    }
  }
  const most = grid.reduce((highest, one) => Math.max(highest, one), 0);
  return most ? grid.map((one) => one / most) : grid;
}
