package io.deriver.quickstart;

import io.deriver.quickstart.acts.Demo;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;

/** The command line. */
public final class Quickstart {

  private Quickstart() {}

  /** Runs a command and ends with 0 if all went well. */
  public static void main(String[] args) throws Exception {
    Settings settings = Settings.of(System.getenv());
    try (Database database = Database.open(settings);
        Llm llm = Llm.fake(settings.timeout());
        Summarizer summarizer = new Summarizer(llm.endpoint())) {
      new Demo(database.dataSource(), llm, summarizer, settings).play();
    }
  }
}
