// Makes the three servers one replica set, once, and waits for its primary. Run by mongosh on mongo-1.
const hosts = ['mongo-1:27017', 'mongo-2:27017', 'mongo-3:27017'];
const DEADLINE_MS = 60_000;

try {
  rs.initiate({ _id: 'tally', members: hosts.map((host, _id) => ({ _id, host })) });
} catch (error) {
  if (error.codeName !== 'AlreadyInitialized') throw error;
}
const start = Date.now();
while (!db.hello().primary) {
  if (Date.now() - start > DEADLINE_MS) throw new Error(`no primary among ${hosts.join(', ')}`);
  sleep(500);
}
