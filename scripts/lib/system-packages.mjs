// System packages that the rings with real tools use. On Debian as root they are installed; elsewhere the tests that
// miss one are skipped by name and counted.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Purpose → file that proves the package → Debian package. */
const NEEDED = {
  ssh: {
    '/usr/sbin/sshd': 'openssh-server',
    '/usr/bin/ssh': 'openssh-client',
    '/usr/bin/sftp': 'openssh-client',
  },
  browser: { '/usr/bin/chromium': 'chromium' },
  // The editor of the end-to-end tests compiles native modules.
  'editor build': {
    '/usr/bin/g++': 'build-essential',
    '/usr/bin/make': 'build-essential',
    '/usr/bin/pkg-config': 'pkg-config',
    '/usr/bin/python3': 'python3',
    '/usr/include/gssapi/gssapi.h': 'libkrb5-dev',
    '/usr/include/X11/extensions/XKBfile.h': 'libxkbfile-dev',
    '/usr/include/libsecret-1/libsecret/secret.h': 'libsecret-1-dev',
  },
};

/** Debian's maintainer scripts ask it whether they may start a service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs what is missing for the purposes, where that is possible; tells what is not. */
export function installSystemPackages(purposes) {
  const missing = [
    ...new Set(
      purposes
        .flatMap((purpose) => Object.entries(NEEDED[purpose]))
        .filter(([file]) => !existsSync(file))
        .map(([, name]) => name),
    ),
  ];
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`Not installed: ${missing.join(', ')}. The tests that need them are skipped.`);
    return;
  }
  console.log(`Installing ${missing.join(', ')} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
  const { status } = withoutServices(() =>
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    }),
  );
  if (status !== 0)
    console.log(`apt-get could not install ${missing.join(', ')}; the tests that need them are skipped.`);
}

/** The tests start an sshd of their own: the one that the package brings must not start to listen on this computer. */
function withoutServices(install) {
  const hasPolicy = existsSync(POLICY);
  if (!hasPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' });
  try {
    return install();
  } finally {
    if (!hasPolicy) rmSync(POLICY, { force: true });
  }
}
