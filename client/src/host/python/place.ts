import os from 'node:os';
import path from 'node:path';

type Variables = Readonly<Record<string, string | undefined>>;

/** Where the environments and their belongings lie, for CLI and extension alike (spec decisions.md 4). */
export function cacheFolder(
  env: Variables = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  const chosen = env.MAIXCAM_ENV_DIR;
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  return path.join(cacheRoot(env, platform, home), 'maixcam-workbench');
}

function cacheRoot(env: Variables, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') return env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches');
  const xdg = env.XDG_CACHE_HOME;
  // The XDG specification tells to ignore a relative path.
  return xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache');
}

/** Folder of the programs in a virtual environment. */
export function programFolder(environment: string, platform: NodeJS.Platform = process.platform): string {
  return path.join(environment, platform === 'win32' ? 'Scripts' : 'bin');
}

/** The interpreter of a virtual environment. */
export function interpreterOf(environment: string, platform: NodeJS.Platform = process.platform): string {
  return path.join(programFolder(environment, platform), platform === 'win32' ? 'python.exe' : 'python');
}

/** The small Python programs: beside the bundle; test bundles are ES modules, have no `__dirname` and run in the clone. */
export function ownPrograms(): string {
  return typeof __dirname === 'undefined' ? path.resolve('client', 'python') : path.join(__dirname, 'python');
}
