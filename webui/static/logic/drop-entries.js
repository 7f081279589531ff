// @ts-check
/**
 * The contents of a drop or a file chooser: files, and folders that are looked through with the folders inside them.
 * Pure but for what the entries themselves read.
 */

/** @typedef {{file: File|null, entry: any}} Dropped `entry` of the browser's file system, null where it has none */
/** @typedef {{file: File, name: string, inside: boolean}} Found `name` wanted; `inside`: it came in a folder */

export const MOST_FOUND = 5_000; // a data set holds no more

/** @param {string} name */
const isHidden = (name) => name.startsWith(".");

/**
 * Collect the files of a drop. Hidden files are left out.
 * @param {Dropped[]} dropped
 * @returns {Promise<{found: Found[], folders: string[]}>} folders: names of those that were dropped themselves
 */
export async function collectFiles(dropped) {
  /** @type {Found[]} */
  const found = [];
  const folders = [];
  for (const { file, entry } of dropped) {
    if (entry?.isDirectory) {
      folders.push(entry.name);
      await lookThrough(entry, [], found);
    } else {
      const given = entry?.isFile ? await readFile(entry).catch(() => file) : file;
      if (given && !isHidden(given.name)) found.push({ file: given, name: given.name, inside: false });
    }
  }
  return { found, folders };
}

/**
 * @param {any} folder
 * @param {string[]} path names of the folders between the one that was dropped and this one
 * @param {Found[]} found
 */
async function lookThrough(folder, path, found) {
  for (const entry of await listFolder(folder)) {
    if (found.length >= MOST_FOUND) return;
    if (isHidden(entry.name)) continue;
    if (entry.isDirectory) await lookThrough(entry, [...path, entry.name], found);
    else {
      const file = await readFile(entry).catch(() => null); // it went away meanwhile
      if (file) found.push({ file, name: [...path, file.name].join(" "), inside: true });
    }
  }
}

/**
 * All entries of a folder in the order of their names: a browser hands them out in portions.
 * @param {any} folder
 * @returns {Promise<any[]>}
 */
async function listFolder(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (!some.length) return all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    all.push(...some);
  }
}

/** @param {any} entry @returns {Promise<File>} */
const readFile = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

/**
 * Tell sounds from all else that lies in a folder. Names without an ending are tried: old computers wrote such. Files
 * that were given by themselves are all tried, so that the program says why it refuses one.
 * @param {Found[]} found @param {string[]} suffixes of sounds, with their dots, in small letters
 * @returns {{taken: Found[], ignored: string[]}}
 */
export function chooseSounds(found, suffixes) {
  const isSound = (/** @type {string} */ name) =>
    !name.includes(".") || suffixes.some((suffix) => name.toLowerCase().endsWith(suffix));
  const taken = found.filter(({ file, inside }) => !inside || isSound(file.name));
  return { taken, ignored: found.filter((one) => !taken.includes(one)).map(({ name }) => name) };
}
