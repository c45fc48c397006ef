#!/usr/bin/env python3
"""Follows one unit of an election by the live feed, as somebody who has only read the documents would write it.

    follow.py URL ELECTION UNIT CONTEST [--updates 200] [--children] [--drop 0.1] [--seed 1] [--hang-up-after 80]

Watches the unit, applies every `totals` message by the rule of the feed (a message counts if its `from` is not beyond
the own position in any shard and its `to` is not behind it; if `from` is beyond, GET /results is asked and it goes on;
no shard ever goes back) until it has been told so many updates, then waits until it has caught up with the server and
compares what it holds with what GET /results says. `--drop` throws some messages away, as a bad line would;
`--hang-up-after` closes the connection once and comes back. Prints one JSON object; exit 0 if both are the same.
"""
import argparse
import json
import queue
import random
import sys
import time
from importlib import metadata

import requests
import socketio

NAMESPACE = '/live'


def read_position(text):
    return [int(part.split(':')[1]) for part in text.split(',')]


def is_beyond(position, other):
    """Whether a position is beyond another one in any shard."""
    return any(offset > there for offset, there in zip(position, other))


class Follower:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.rows = {}
        self.position = None
        self.server_position = None
        self.messages = queue.Queue()
        self.counts = dict.fromkeys(
            ['updates', 'applied', 'ignored', 'dropped', 'refetched', 'connections', 'went_back'], 0)
        self.http = requests.Session()
        self.client = socketio.Client(reconnection=False)
        self.client.on('totals', self.messages.put, namespace=NAMESPACE)
        self.client.on('position', self.on_position, namespace=NAMESPACE)

    def on_position(self, message):
        self.server_position = message['position']

    # -- what it knows

    def key(self, row):
        return (row['unit'], row['contest'], row['track'], row['key'])

    def move_to(self, text):
        position = read_position(text)
        if self.position is not None and is_beyond(self.position, position):
            self.counts['went_back'] += 1
        self.position = position

    def replace(self, rows, text):
        """Takes a whole snapshot, unless that would take any shard back."""
        if self.position is not None and is_beyond(self.position, read_position(text)):
            return False
        self.rows = {self.key(row): row['value'] for row in rows}
        self.move_to(text)
        return True

    def take(self, message):
        start, end = read_position(message['from']), read_position(message['to'])
        if is_beyond(start, self.position):
            self.refetch()
        elif is_beyond(self.position, end):
            self.counts['ignored'] += 1
        else:
            for row in message['changes']:
                if row['value'] is None:
                    self.rows.pop(self.key(row), None)
                else:
                    self.rows[self.key(row)] = row['value']
            self.move_to(message['to'])
            self.counts['applied'] += 1

    def refetch(self):
        self.counts['refetched'] += 1
        rows, position = self.ask()
        self.replace(rows, position)

    # -- HTTP

    def get(self, path, **query):
        options = self.options
        address = f'{options.url}/api/v1/elections/{options.election}/results/{options.unit}{path}'
        answer = self.http.get(address, params={'contest': options.contest, 'track': 'provisional', **query}, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def ask(self, **query):
        """The rows of GET /results, and those of the units below at the same position."""
        answer = self.get('', **query)
        nodes = answer['nodes']
        if self.options.children:
            nodes = nodes + self.get('/children', at=answer['position'])['nodes']
        return [row for node in nodes for row in rows_of(node)], answer['position']

    # -- the feed

    def connect(self):
        self.client.connect(self.options.url, namespaces=[NAMESPACE], transports=['websocket'])
        self.counts['connections'] += 1
        options = self.options
        request = {'election': options.election, 'unit': options.unit, 'contest': options.contest,
                   'track': 'provisional', 'children': options.children}
        snapshot = self.client.call('watch', request, namespace=NAMESPACE, timeout=10)
        if 'error' in snapshot:
            raise SystemExit(f'not let in: {snapshot["error"]}')
        self.replace(snapshot['totals'] + snapshot['children'], snapshot['position'])

    def hang_up(self):
        self.client.disconnect()
        time.sleep(0.5)
        self.connect()

    def follow(self):
        options = self.options
        self.connect()
        print('following', file=sys.stderr, flush=True)
        while self.counts['updates'] < options.updates:
            message = self.messages.get(timeout=60)
            self.counts['updates'] += 1
            if self.random.random() < options.drop:
                self.counts['dropped'] += 1
                continue
            self.take(message)
            if self.counts['updates'] == options.hang_up_after:
                self.hang_up()
        print('enough', file=sys.stderr, flush=True)
        self.catch_up()

    def catch_up(self):
        """Goes on until the server has nothing that is not known here: a second of silence at its position."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 2.5:
            try:
                message = self.messages.get(timeout=0.5)
            except queue.Empty:
                continue
            quiet_since = time.monotonic()
            self.take(message)
        # The last messages may be among those thrown away: then the server has read further and nothing comes.
        if self.server_position and is_beyond(read_position(self.server_position), self.position):
            self.refetch()


def rows_of(node):
    unit, contest = node['unit'], node['contest']
    for name, value in node['progress'].items():
        yield {'unit': unit, 'contest': contest, 'track': '', 'key': f'progress.{name}', 'value': value}
    for track, totals in node['tracks'].items():
        for kind, name in (('field', 'fields'), ('votes', 'votes'), ('present', 'present')):
            for key, value in totals.get(name, {}).items():
                yield {'unit': unit, 'contest': contest, 'track': track, 'key': f'{kind}.{key}', 'value': value}


def main():
    parser = argparse.ArgumentParser()
    for name in ('url', 'election', 'unit', 'contest'):
        parser.add_argument(name)
    parser.add_argument('--updates', type=int, default=200)
    parser.add_argument('--children', action='store_true')
    parser.add_argument('--drop', type=float, default=0.0)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--hang-up-after', type=int, default=0)
    follower = Follower(parser.parse_args())
    started = time.monotonic()
    follower.follow()
    held = {f'{",".join(key)}': value for key, value in follower.rows.items()}
    rows, position = follower.ask()
    said = {','.join(follower.key(row)): row['value'] for row in rows}
    different = sorted(key for key in held.keys() | said.keys() if held.get(key) != said.get(key))
    follower.client.disconnect()
    print(json.dumps({
        'client': f'python-socketio {metadata.version("python-socketio")}',
        **follower.counts,
        'seconds': round(time.monotonic() - started, 1),
        'rows': len(held),
        'position': position,
        'different': different[:10],
        'same': not different and follower.counts['went_back'] == 0,
    }, indent=1))
    sys.exit(0 if not different and follower.counts['went_back'] == 0 else 1)


if __name__ == '__main__':
    main()
