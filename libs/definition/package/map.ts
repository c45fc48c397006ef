/**
 * map.json: GeoJSON or TopoJSON of which each feature is a unit (contracts §1). Kept as given; only what ties it to the
 * units is looked at.
 */
import { getNodeValue, type Node } from 'jsonc-parser';
import { oneOf, type Problems, shown } from '../problems.ts';
import type { JsonFile } from '../source/json.ts';
import type { UnitTree } from './units.ts';

export const MAP_FILE = 'map.json';
const GEOMETRIES: readonly string[] = [
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
];

export function readMap(json: JsonFile, units: UnitTree | undefined, problems: Problems): unknown {
  new MapReader(json, units, problems).read();
  return getNodeValue(json.root);
}

class MapReader {
  readonly #json: JsonFile;
  readonly #units: UnitTree | undefined;
  readonly #problems: Problems;
  readonly #codes = new Set<string>();

  constructor(json: JsonFile, units: UnitTree | undefined, problems: Problems) {
    this.#json = json;
    this.#units = units;
    this.#problems = problems;
  }

  read(): void {
    const { root } = this.#json;
    const type = textOf(root, 'type');
    if (type === 'FeatureCollection') this.#eachOf(root, 'features', (feature) => this.#readFeature(feature));
    else if (type === 'Feature') this.#readFeature(root);
    else if (type === 'Topology') this.#readTopology(root);
    else
      this.#tell(
        root,
        'bad-map',
        `a map's "type" must be FeatureCollection or Feature (GeoJSON) or Topology (TopoJSON), found ${shown(type)}`,
      );
  }

  #readTopology(root: Node): void {
    if (memberOf(root, 'arcs')?.type !== 'array')
      this.#tell(root, 'bad-map', 'a TopoJSON topology lacks its list "arcs"');
    const objects = memberOf(root, 'objects');
    if (objects?.type !== 'object') {
      this.#tell(root, 'bad-map', 'a TopoJSON topology lacks its "objects"');
      return;
    }
    for (const { children } of objects.children ?? []) {
      const object = children?.[1];
      if (!object) continue;
      if (textOf(object, 'type') === 'GeometryCollection')
        this.#eachOf(object, 'geometries', (geometry) => this.#readCode(geometry));
      else this.#readCode(object);
    }
  }

  #eachOf(node: Node, name: string, read: (member: Node) => void): void {
    const list = memberOf(node, name);
    if (list?.type === 'array') for (const member of list.children ?? []) read(member);
    else this.#tell(node, 'bad-map', `this ${textOf(node, 'type')} lacks its list "${name}"`);
  }

  #readFeature(feature: Node): void {
    const type = textOf(feature, 'type');
    if (type !== 'Feature') {
      this.#tell(feature, 'bad-map', `a feature's "type" must be Feature, found ${shown(type)}`);
      return;
    }
    const geometry = memberOf(feature, 'geometry');
    const shape = geometry && textOf(geometry, 'type');
    if (geometry?.type !== 'null' && !GEOMETRIES.includes(shape ?? ''))
      this.#tell(
        geometry ?? feature,
        'bad-map',
        `a feature's geometry must be ${oneOf(GEOMETRIES)}, found ${shown(shape)}`,
      );
    this.#readCode(feature);
  }

  /** The `id`, else `properties.code`. */
  #readCode(feature: Node): void {
    const properties = memberOf(feature, 'properties');
    const node = memberOf(feature, 'id') ?? (properties && memberOf(properties, 'code'));
    if (!node || (node.type !== 'string' && node.type !== 'number')) {
      this.#tell(node ?? feature, 'bad-map', 'a feature needs the code of its unit as "id" or "properties.code"');
      return;
    }
    const code = String(node.value);
    if (this.#units && !this.#units.codes.has(code)) this.#tell(node, 'unknown-unit', this.#units.codes.unknown(code));
    if (this.#codes.has(code))
      this.#tell(node, 'duplicate-code', `unit ${shown(code)} has two features; a unit has one`);
    this.#codes.add(code);
  }

  #tell(node: Node, code: string, message: string): void {
    this.#problems.add(this.#json.file, this.#json.placeOf(node), code, message);
  }
}

function memberOf(node: Node, name: string): Node | undefined {
  if (node.type !== 'object') return undefined;
  return node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

function textOf(node: Node, name: string): string | undefined {
  const member = memberOf(node, name);
  return member?.type === 'string' ? String(member.value) : undefined;
}
