import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;

/** Answers queries over a file of N-Quads: reads names of query files, writes each answer beside its query. */
class Answers {
  public static void main(String[] arguments) throws Exception {
    Dataset data = RDFDataMgr.loadDataset(arguments[0]);
    BufferedReader names = new BufferedReader(new InputStreamReader(System.in));
    for (String name; (name = names.readLine()) != null; System.out.flush()) {
      try (OutputStream out = new FileOutputStream(name + ".answer")) {
        System.out.println(answer(QueryFactory.read(name), data, out));
      } catch (Exception error) {
        System.out.println("error " + String.valueOf(error).replaceAll("\\s+", " "));
      }
    }
  }

  private static String answer(Query query, Dataset data, OutputStream out) {
    try (QueryExecution execution = QueryExecutionFactory.create(query, data)) {
      if (query.isAskType()) ResultSetFormatter.outputAsJSON(out, execution.execAsk());
      else if (query.isSelectType()) ResultSetFormatter.outputAsJSON(out, execution.execSelect());
      else {
        RDFDataMgr.write(out, query.isConstructType() ? execution.execConstruct() : execution.execDescribe(), Lang.NTRIPLES);
        return "triples";
      }
      return "results";
    }
  }
}
