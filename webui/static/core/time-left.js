// @ts-check
/** Time that is left, in words that stay true for a while. */

/** @param {Record<string, any>} job @returns {string} such as "1:05 left" */
export function showLeft(job) {
  if (job.state === "stopping") return "stopping";
  if (typeof job.seconds_left !== "number") return job.words || "";
  const seconds = Math.max(0, Math.round(job.seconds_left));
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min left`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} left`;
}
