import { describe, expect, it } from '@jest/globals';
import { problemsOf, readSample, replaced } from './sample.ts';

function found(from: string, to: string): string[] {
  return problemsOf({ 'election.json': replaced(from, to) }).map((one) => `${one.line}:${one.column} ${one.code}`);
}

function message(from: string, to: string): string {
  return problemsOf({ 'election.json': replaced(from, to) })[0]?.message ?? '';
}

/** Adds members after the date, at line 4 column 3. */
function added(members: string): string[] {
  return found('"date"', `${members}, "date"`);
}

describe('election.json', () => {
  it('has nothing that is not known, and all that is needed', () => {
    expect(added('"colour": 1')).toEqual(['4:3 unknown-field']);
    expect(message('"role": "voted"', '"rule": "voted"')).toContain('a field of form "count" has no "rule"');
    expect(found('"timezone": "Asia/Ho_Chi_Minh",', '')).toEqual(['1:1 missing']);
  });

  it('has values of the right type', () => {
    expect(added('"rehearsal": "no"')).toEqual(['4:16 wrong-type']);
    expect(added('"shards": 1.5')).toEqual(['4:13 wrong-type']);
    expect(added('"shards": 0')).toEqual(['4:13 out-of-range']);
    expect(added('"shards": 1001')).toEqual(['4:13 out-of-range']);
    expect(added('"shards": "4"')).toEqual(['4:13 wrong-type']);
    expect(added('"leaderThreshold": 1.1')).toEqual(['4:22 out-of-range']);
    expect(added('"entry": "triple"')).toEqual(['4:12 unknown-word']);
    expect(added('"holdOn": null')).toEqual(['4:13 wrong-type']);
    expect(added('"shardLevel": "district"')).toEqual(['4:17 unknown-word']);
    expect(message('"rules": ["rules.json"]', '"rules": "rules.json"')).toContain(
      'must be a list [ … ], found "rules.json"',
    );
  });

  it('has an id that says whether it is a rehearsal', () => {
    expect(found('"sample-2030"', '"Sample 2030"')).toEqual(['2:9 bad-identifier']);
    expect(found('"sample-2030"', '"sample-2030-rehearsal"')).toEqual(['2:9 rehearsal-id']);
    expect(added('"rehearsal": true')).toEqual(['2:9 rehearsal-id']);
  });

  it('has a day, a time zone and times with an offset', () => {
    expect(found('"2030-06-02"', '"02.06.2030"')).toEqual(['4:11 bad-date']);
    expect(found('Asia/Ho_Chi_Minh', 'Asia/Hanoi')).toEqual(['5:15 bad-timezone']);
    expect(found('Asia/Ho_Chi_Minh', '+07:00')).toEqual(['5:15 bad-timezone']);
    expect(added('"polls": {"closes": "2030-06-02T19:00:00"}')).toEqual(['4:23 bad-time']);
    expect(added('"polls": {"opens": "2030-06-03T07:00:00+07:00"}')).toEqual(['4:22 contradiction']);
  });

  it('ends the polls with the day where it does not say', () => {
    const closes = (timezone: string, date: string) => {
      const result = readSample({
        'election.json': (text) => text.replace('Asia/Ho_Chi_Minh', timezone).replace('2030-06-02', date),
      });
      return result.ok && result.definition.polls.closes;
    };
    expect(closes('Europe/Lisbon', '2030-06-02')).toBe('2030-06-03T00:00:00+01:00');
    expect(closes('Europe/Lisbon', '2030-12-31')).toBe('2031-01-01T00:00:00+00:00');
    expect(closes('America/St_Johns', '2030-01-02')).toBe('2030-01-03T00:00:00-03:30');
  });

  it('has 2 to 8 levels with ids of their own', () => {
    expect(found('{ "id": "commune", "name": "Commune" }', '{ "id": "province", "name": "Commune" }')[0]).toBe(
      '8:5 duplicate-id',
    );
    const one = problemsOf({
      'election.json': (text) => text.replace(/"levels": \[[^\]]*\]/, '"levels": [{ "id": "province", "name": "P" }]'),
    });
    expect(one[0]).toMatchObject({ code: 'out-of-range', line: 6, column: 13 });
  });

  it('has names in its languages', () => {
    expect(added('"languages": ["en"]')).toEqual(['3:29 unknown-language']);
    expect(added('"languages": ["en", "vi", "en"]')).toEqual(['4:29 bad-language']);
    expect(added('"languages": ["en", "vi", "english"]')).toEqual(['4:29 bad-language']);
    expect(found('"name": "Commune"', '"name": {}')).toEqual(['8:32 empty']);
    expect(found('"name": "Commune"', '"name": ""')).toEqual(['8:32 empty']);
    expect(found('"name": "Commune"', '"name": 7')).toEqual(['8:32 wrong-type']);
  });

  it('has forms of which the fields do not meet', () => {
    expect(found('"id": "V", "role": "voted"', '"id": "C", "role": "voted"')[0]).toBe('14:7 duplicate-id');
    expect(found('"id": "X"', '"id": "n.2"')[0]).toBe('17:7 duplicate-id');
    expect(found('"role": "voted"', '"role": "registered"')).toEqual(['14:7 duplicate-id']);
    expect(found('"role": "voted"', '"role": "turnout"')).toEqual(['14:28 unknown-word']);
    expect(found('"id": "X"', '"id": "reason"')).toEqual(['15:15 name-taken']);
    expect(found('"id": "X"', '"id": "votes.1"')).toEqual(['15:15 name-taken']);
    expect(found('"type": "time",', '"type": "time", "role": "blank",')).toEqual(['19:48 contradiction']);
    expect(found('"optional": true, "name": "Spoiled"', '"optional": 1, "name": "Spoiled"')).toEqual([
      '15:32 wrong-type',
    ]);
  });

  it('has a shareOf over the fields of its form', () => {
    const shareOf = (expression: string) =>
      found('"fields": [', `"shareOf": ${JSON.stringify(expression)}, "fields": [`);
    expect(shareOf('f.H - f.X')).toEqual([]);
    expect(shareOf('f.H - f.Z')).toEqual(['12:36 unknown-field']);
    expect(shareOf('f.H > 1')).toEqual(['12:28 rule-type']);
    expect(shareOf('registered')).toEqual(['12:28 rule-type']);
  });

  it('names rule files and packs that are there', () => {
    expect(found('["rules.json"]', '["rules.json", "pack:vietnam-1999"]')).toEqual(['22:27 unknown-pack']);
    expect(found('["rules.json"]', '["rules.json", "more.json"]')).toEqual(['22:27 unknown-rule-file']);
    expect(found('["rules.json"]', '["rules.json", "../rules.json"]')).toEqual(['22:27 unknown-rule-file']);
    expect(found('["rules.json"]', '["rules.json", "units.csv"]')).toEqual(['22:27 unknown-rule-file']);
    expect(found('["rules.json"]', '["rules.json", "rules.json"]')).toEqual(['22:27 duplicate-id']);
  });
});

describe('publish', () => {
  const publish = (members: string) => added(`"publish": {${members}}`);
  const published = (members: string) => {
    const result = readSample({ 'election.json': replaced('"date"', `"publish": {${members}}, "date"`) });
    return result.ok && result.definition.publish;
  };

  it('knows words and times', () => {
    expect(publish('"results": "soon"')).toEqual(['4:26 unknown-word']);
    expect(publish('"results": "2030-06-03T08:00:00+07:00"')).toEqual([]);
    expect(publish('"turnout": "2030-06-03"')).toEqual(['4:26 unknown-word']);
    expect(publish('"lowestLevel": "street"')).toEqual(['4:30 unknown-word']);
  });

  it('never shows the log before results', () => {
    expect(publish('"results": "certified", "log": "closed"')).toEqual(['4:46 publish-order']);
    expect(publish('"results": "never", "log": "certified"')).toEqual(['4:42 publish-order']);
    expect(publish('"results": "2030-06-04T08:00:00+07:00", "log": "2030-06-03T08:00:00+07:00"')).toEqual([
      '4:62 publish-order',
    ]);
    expect(publish('"results": "closed", "log": "always"')).toEqual([]);
    expect(published('"results": "never"')).toMatchObject({ log: 'never' });
  });

  it('hides the log where the stations are hidden', () => {
    expect(published('"lowestLevel": "commune"')).toMatchObject({ log: 'never', lowestLevel: 'commune' });
    expect(publish('"lowestLevel": "commune", "log": "certified"')).toEqual(['4:48 publish-order']);
    expect(publish('"lowestLevel": "commune", "log": "never"')).toEqual([]);
  });

  it('shows no results before the polls close, but in a rehearsal', () => {
    expect(publish('"results": "2030-06-02T12:00:00+07:00"')).toEqual(['4:26 publish-order']);
    const rehearsal = (members: string) =>
      problemsOf({
        'election.json': (text) =>
          text
            .replace('sample-2030', 'sample-rehearsal')
            .replace('"date"', `"rehearsal": true, "publish": {${members}}, "date"`),
      }).map(({ code }) => code);
    expect(rehearsal('"results": "2030-06-02T12:00:00+07:00"')).toEqual([]);
    expect(rehearsal('"results": "always", "log": "always"')).toEqual([]);
    expect(rehearsal('"results": "closed", "log": "always"')).toEqual(['publish-order']);
  });
});
