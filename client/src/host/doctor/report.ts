import os from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../../server/src/core/problems/app-error';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import type { RecipeOverview } from '../../domain/pipeline/overview';
import { userHostKeysFile } from '../board/host-keys';
import { openEngine } from '../engine/engine';
import type { Environment } from '../process/environment';
import { foldersOnPath, isExecutable } from '../process/executables';
import { listEnvironments, type EnvironmentReport } from '../python/environments';
import { cacheFolder } from '../python/place';
import { findUv } from '../python/uv';

export interface DoctorRequest {
  /** Facts of the editor by name, e.g. its version; shown first. */
  readonly editor: Readonly<Record<string, string>>;
  /** Settings that differ from their defaults; never a secret. */
  readonly settings: Readonly<Record<string, string>>;
  readonly recipes: readonly RecipeOverview[];
  readonly env: Environment;
  /** False in a workspace that is not trusted: nothing is started then, and the report says so. */
  readonly mayRun: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Packages whose versions decide whether tools fit together. */
const TOLD_PACKAGES = ['ultralytics', 'torch', 'torchvision', 'tpu-mlir', 'onnx', 'onnxruntime', 'numpy'];
const TOOLS = ['uv', 'docker', 'git', 'ssh'];

/**
 * The report that a person pastes into a question: versions, tools that were found, environments, recipes. Markdown;
 * contains paths, no secrets and no file contents (spec architecture.md 4, row 16).
 */
export async function doctorReport(request: DoctorRequest): Promise<string> {
  const { env, mayRun, signal } = request;
  const sections = [
    '# MaixCAM Doctor',
    section('Editor', table(Object.entries(request.editor))),
    section('Machine', table(machineFacts(env))),
    section('Tools on PATH', table(TOOLS.map((tool) => [tool, toolPlace(tool, env)]))),
    section('Engine for ONNX models', mayRun ? await engineText(env, signal) : NOT_RUN),
    section(
      'Python environments',
      mayRun ? (await listEnvironments({ env, signal })).map(environmentText).join('\n') : NOT_RUN,
    ),
    section(
      'Settings',
      Object.keys(request.settings).length === 0 ? 'All are the defaults.' : table(Object.entries(request.settings)),
    ),
    section(
      'Recipes',
      request.recipes.length === 0 ? 'None in this workspace.' : request.recipes.map(recipeText).join('\n\n'),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

const NOT_RUN = 'Not looked at: this workspace is not trusted, so nothing was started.';

function machineFacts(env: Environment): readonly (readonly [string, string])[] {
  const [cpu] = os.cpus();
  return [
    ['System', `${os.type()} ${os.release()}, ${process.platform}-${process.arch}`],
    ['Processor', `${cpu?.model ?? 'unknown'}, ${os.availableParallelism()} cores`],
    ['Memory', `${formatBytes(os.totalmem())}, ${formatBytes(os.freemem())} free`],
    ['Node', `${process.version}, ${process.execPath}`],
    ['Folder of environments', cacheFolder(env)],
    ['Known boards', userHostKeysFile(env)],
    ['ssh-agent', (env.SSH_AUTH_SOCK ?? '') === '' ? 'none' : 'there is one'],
  ];
}

function toolPlace(tool: string, env: Environment): string {
  const name = process.platform === 'win32' ? `${tool}.exe` : tool;
  const onPath = foldersOnPath(env)
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
  return onPath ?? (tool === 'uv' ? findUv({ cache: cacheFolder(env), env }) : null) ?? 'not found';
}

async function engineText(env: Environment, signal: AbortSignal | undefined): Promise<string> {
  try {
    const engine = await openEngine({ env, signal });
    await engine.close();
    return `${engine.kind}: ${engine.reason}`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function environmentText({ name, state, folder, pythonVersion, bytes, packages, problem }: EnvironmentReport): string {
  const facts = [
    state,
    pythonVersion === null ? null : `Python ${pythonVersion}`,
    bytes === null ? null : formatBytes(bytes),
  ];
  const versions = TOLD_PACKAGES.flatMap((each) => (packages[each] === undefined ? [] : [`${each} ${packages[each]}`]));
  const lines = [`- **${name}**: ${facts.filter(Boolean).join(', ')}`, `  - ${folder}`];
  if (versions.length > 0) lines.push(`  - ${versions.join(', ')}`);
  if (problem !== null) lines.push(`  - ${problem.code}: ${problem.message}`);
  return lines.join('\n');
}

function recipeText({ recipe, description, error, rows, job }: RecipeOverview): string {
  const lines = [`### ${recipe}`, '', error === null ? description : `${error.code}: ${error.message}`];
  if (rows.length > 0) lines.push('', table(rows.map((row) => [row.title, `${row.state}. ${row.text}`])));
  if (job !== null) lines.push('', `Last run: ${job.state}, started ${job.startedAt}, log ${job.log}`);
  return lines.join('\n');
}

function section(title: string, text: string): string {
  return `## ${title}\n\n${text}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`)].join('\n');
}
