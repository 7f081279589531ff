// @ts-check
/** Names of files as people call them. Pure. */

/** The name without its ending: "a3_f_rr1.flac" is "a3_f_rr1". @param {string} file */
export const shortName = (file) => file.replace(/(?<=.)\.[^.]+$/, "");
