/** Environment variables for a child process; only what is listed is passed on. */
export type Environment = Readonly<Record<string, string>>;

/** Names that tools need: where things lie, language, proxies and certificates, package installers, Docker, GPUs. */
const PASSED_ON =
  /^(PATH|PATHEXT|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_\w+|TZ|TERM|NO_COLOR|TMPDIR|TEMP|TMP|XDG_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|APPDATA|LOCALAPPDATA|USERPROFILE|HOMEDRIVE|HOMEPATH|PROGRAMDATA|PROGRAMFILES(\(X86\))?|PROCESSOR_ARCHITECTURE|NUMBER_OF_PROCESSORS|(HTTP|HTTPS|ALL|NO|FTP)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|PIP_\w+|UV_\w+|DOCKER_\w+|CUDA_\w+|NVIDIA_\w+|ROCR_\w+|HIP_\w+|PYENV_ROOT|CONDA_\w+|MAMBA_\w+|OMP_NUM_THREADS)$/i;

/** Whatever looks like a secret stays here, even where its name is on the list. */
const SECRET = /PASSW|PASSPHRASE|SECRET|TOKEN|API_?KEY|CREDENTIAL|PRIVATE_?KEY/i;

/**
 * A child's complete environment: the harmless part of `base`, then `extra` as it is (undefined removes a name).
 * Secrets such as `MAIXCAM_PASSWORD` are never passed on (spec decisions.md 6).
 */
export function childEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string | undefined>> = {},
): Environment {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && PASSED_ON.test(name) && !SECRET.test(name)) result[name] = value;
  }
  for (const [name, value] of Object.entries(extra)) {
    if (value === undefined) Reflect.deleteProperty(result, name);
    else result[name] = value;
  }
  return result;
}
