/** A server that speaks MongoDB's wire protocol: `java MongoWire.java PORT memory|FILE`. Says its port; ends with its input. */
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import de.bwaldvogel.mongo.wire.message.MongoQuery;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;

class MongoWire implements MongoVersion {
  public static void main(String[] arguments) throws Exception {
    var backend = arguments[1].equals("memory") ? new MemoryBackend() : new WholeCommands(arguments[1]);
    var server = new MongoServer(backend.version(new MongoWire()));
    server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
    System.out.println("port " + server.getLocalAddress().getPort());
    while (System.in.read() >= 0) {}
    server.shutdown();
  }

  /** The least that drivers of today ask for; the server's own answer is older. */
  public List<Integer> getVersionArray() {
    return List.of(4, 4, 0);
  }

  public int getWireVersion() {
    return 9;
  }
}

/**
 * Writes its file once a second, between two commands: one that is killed has each of them wholly or not at all, as a
 * MongoDB has. The library writes at any moment, and may then find a document again without its place in the index.
 */
class WholeCommands extends H2Backend {
  private static final int EVERY_MS = 1_000;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

  WholeCommands(String file) {
    super(new MVStore.Builder().fileName(file).autoCommitDisabled().open());
    var writer = new Thread(this::writeAgainAndAgain, "writer");
    writer.setDaemon(true);
    writer.start();
  }

  private void writeAgainAndAgain() {
    try {
      while (!getMvStore().isClosed()) {
        Thread.sleep(EVERY_MS);
        within(lock.writeLock(), () -> getMvStore().isClosed() ? 0 : getMvStore().commit());
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    }
  }

  private static <T> T within(Lock held, Supplier<T> action) {
    held.lock();
    try {
      return action.get();
    } finally {
      held.unlock();
    }
  }

  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    return within(lock.readLock(), () -> super.handleCommand(channel, database, command, query));
  }

  @Override
  public QueryResult handleQuery(MongoQuery query) {
    return within(lock.readLock(), () -> super.handleQuery(query));
  }

  @Override
  public Document handleMessage(MongoMessage message) {
    return within(lock.readLock(), () -> super.handleMessage(message));
  }

  @Override
  public void close() {
    within(
        lock.writeLock(),
        () -> {
          super.close();
          return null;
        });
  }
}
