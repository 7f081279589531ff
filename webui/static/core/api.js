// @ts-check
/**
 * Requests to the program that served this page. Everything that is asked goes through here: the header that the gate
 * wants, errors as one kind of exception, sound as a stream of samples.
 */

/** A refusal of the program, in its own words. */
export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, message?: string, field?: string|null}} error */
  constructor(status, error) {
    super(error.message || "The program gave no answer that could be read.");
    this.status = status;
    this.code = error.code || "unreadable";
    this.field = error.field ?? null;
  }
}

export const GONE = "gone"; // code of an error: nobody answers

/**
 * @param {string} method @param {string} path
 * @param {{body?: any, raw?: Blob, signal?: AbortSignal}} [options]
 * @returns {Promise<Response>}
 */
async function request(method, path, { body, raw, signal } = {}) {
  /** @type {Record<string, string>} */
  const headers = { "X-SDA": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (raw) headers["Content-Type"] = "application/octet-stream";
  let response;
  try {
    response = await fetch(path, { method, headers, signal, body: raw ?? (body === undefined ? null : JSON.stringify(body)) });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, { code: GONE, message: "The program does not answer. Start it again; nothing that was kept is lost." });
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  throw new ApiError(response.status, said.error ?? {});
}

/** @param {Record<string, any>} [query] */
export function withQuery(/** @type {string} */ path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${path}?${text}` : path;
}

/** One part of an address. @param {string|number} part */
export const part = (part) => encodeURIComponent(String(part));

/** @param {string} path @param {Record<string, any>} [query] @param {AbortSignal} [signal] @returns {Promise<any>} */
export const get = async (path, query, signal) => (await request("GET", withQuery(path, query), { signal })).json();

/** @param {string} path @param {any} [body] @returns {Promise<any>} */
export const post = async (path, body = {}) => (await request("POST", path, { body })).json();

/** @param {string} path @param {any} body @returns {Promise<any>} */
export const patch = async (path, body) => (await request("PATCH", path, { body })).json();

/** @param {string} path @returns {Promise<any>} */
export const remove = async (path) => (await request("DELETE", path)).json();

/**
 * Send a file as its bytes.
 * @param {string} method POST or PUT @param {string} path @param {File} file @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export const upload = async (method, path, file, signal) =>
  (await request(method, withQuery(path, { name: file.name }), { raw: file, signal })).json();

/**
 * Bytes with what their headers say: {data, header("Columns")}.
 * @param {string} path @param {Record<string, any>} [query] @param {AbortSignal} [signal]
 */
export async function bytes(path, query, signal) {
  const response = await request("GET", withQuery(path, query), { signal });
  return { data: await response.arrayBuffer(), header: (/** @type {string} */ name) => response.headers.get(`X-${name}`) };
}

/**
 * @typedef {object} Sound
 * @property {number} channels
 * @property {number} first where the first sample is in the whole
 * @property {number|null} samples how many there will be, if that is known
 * @property {ReadableStreamDefaultReader<Uint8Array>} reader of interleaved 32-bit floats
 * @property {(name: string) => string|null} header
 */

/**
 * Open a stream of sound: a GET, or a POST where there is a body.
 * @param {string} path @param {any} [body] @param {AbortSignal} [signal]
 * @returns {Promise<Sound>}
 */
export async function openSound(path, body, signal) {
  const response = await request(body === undefined ? "GET" : "POST", path, { body, signal });
  const header = (/** @type {string} */ name) => response.headers.get(`X-${name}`);
  const samples = header("Samples");
  return {
    channels: Number(header("Channels") ?? 1),
    first: Number(header("First-Sample") ?? 0),
    samples: samples === null ? null : Number(samples),
    reader: /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader(),
    header,
  };
}
