/**
 * Java programs for tests, from Maven Central into `.cache/java/`, once. Each set has a name and exact versions; another
 * set of versions goes to another folder.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './checkout.ts';

/**
 * Resolves with a class path (`folder/*`) of the artifacts (`group:artifact:version`) and what they depend on. Throws
 * where Maven or Java is missing, or an artifact can't be had.
 */
export async function classPath(name: string, artifacts: readonly string[]): Promise<string> {
  const cache = join(root, '.cache/java');
  const versions = createHash('sha256').update(artifacts.join('\n')).digest('hex').slice(0, 12);
  const home = join(cache, `${name}-${versions}`);
  if (!existsSync(home)) await copyArtifacts(cache, home, artifacts);
  return join(home, '*');
}

/** Copies into a folder of its own first: an interrupted or simultaneous run leaves nothing half there. */
async function copyArtifacts(cache: string, home: string, artifacts: readonly string[]): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'copying-'));
  try {
    writeFileSync(join(work, 'pom.xml'), projectOf(artifacts));
    const target = join(work, 'jars');
    const argv = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${target}`];
    await promisify(execFile)('mvn', argv, { cwd: work, maxBuffer: 16_777_216 });
    if (!existsSync(home)) renameSync(target, home);
  } catch (error) {
    if (existsSync(home)) return;
    const said = (error as { stdout?: string }).stdout ?? '';
    throw new Error(`could not get ${artifacts.join(', ')} with Maven: ${(error as Error).message}\n${said}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function projectOf(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId><artifactId>services</artifactId><version>1</version>
  <dependencies>${dependencies.join('')}</dependencies></project>\n`;
}
