import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseSounds, collectFiles } from "../../webui/static/logic/drop-entries.js";

const PORTION = 2; // entries that a folder hands out at once

const fileEntry = (name) => ({ isFile: true, isDirectory: false, name, file: (done) => done(new File(["x"], name)) });
const lostEntry = (name) => ({ isFile: true, isDirectory: false, name, file: (_, fail) => fail(new Error("gone")) });
const folderEntry = (name, entries) => ({
  isFile: false,
  isDirectory: true,
  name,
  createReader() {
    const left = [...entries];
    return { readEntries: (done) => done(left.splice(0, PORTION)) };
  },
});
const dropped = (...entries) => entries.map((entry) => ({ file: null, entry }));

test("folders are looked through to their end, with the folders inside them, in the order of names", async () => {
  const kit = folderEntry("kit", [fileEntry("b 10.wav"), fileEntry("b 2.wav"), folderEntry("hats", [fileEntry("open.wav")]), fileEntry("a.wav")]);
  const { found, folders } = await collectFiles(dropped(kit));
  assert.deepEqual(folders, ["kit"]);
  assert.deepEqual(found.map(({ name }) => name), ["a.wav", "b 2.wav", "b 10.wav", "hats open.wav"]);
  assert.ok(found.every(({ inside }) => inside));
});

test("hidden files and files that went away are left out, and the others go on", async () => {
  const kit = folderEntry("kit", [fileEntry(".DS_Store"), lostEntry("lost.wav"), fileEntry("kept.wav")]);
  const { found } = await collectFiles(dropped(kit, fileEntry(".hidden.wav"), fileEntry("plain.wav")));
  assert.deepEqual(found.map(({ name, inside }) => [name, inside]), [["kept.wav", true], ["plain.wav", false]]);
});

test("files of a browser without entries are taken as they are", async () => {
  const { found, folders } = await collectFiles([{ file: new File(["x"], "a.wav"), entry: null }, { file: null, entry: null }]);
  assert.deepEqual([found.map(({ name }) => name), folders], [["a.wav"], []]);
});

test("what lies in a folder must be a sound, and what was given by itself is always tried", () => {
  const found = [["kick.WAV", true], ["notes.txt", true], ["notes.txt", false], ["memo.m4a", true], ["Old kick", true]]
    .map(([name, inside]) => ({ file: new File(["x"], name), name, inside }));
  const { taken, ignored } = chooseSounds(found, [".wav", ".m4a"]);
  const kept = [["kick.WAV", true], ["notes.txt", false], ["memo.m4a", true], ["Old kick", true]];
  assert.deepEqual(taken.map(({ name, inside }) => [name, inside]), kept);
  assert.deepEqual(ignored, ["notes.txt"]);
});
