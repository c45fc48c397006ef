/** A server that speaks MongoDB's wire protocol: `java MongoWire.java PORT memory|FILE`. Says its port; ends with its input. */
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

class MongoWire implements MongoVersion {
  public static void main(String[] arguments) throws Exception {
    var backend = arguments[1].equals("memory") ? new MemoryBackend() : new H2Backend(arguments[1]);
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
