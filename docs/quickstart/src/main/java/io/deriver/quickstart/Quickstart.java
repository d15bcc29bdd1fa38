package io.deriver.quickstart;

import io.deriver.quickstart.acts.Demo;
import io.deriver.quickstart.commands.Feed;
import io.deriver.quickstart.commands.SharedPostgres;
import io.deriver.quickstart.commands.Verify;
import io.deriver.quickstart.commands.Work;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import java.util.List;

/** The command line. */
public final class Quickstart {

  private static final String USAGE =
      """
      usage: java -jar quickstart.jar [command]
        demo               the three acts, on a Postgres of their own; the default
        postgres           a Postgres that the commands below share, until ctrl-C
        feed               enqueues the conversations
        work               works them until ctrl-C; run as many as you like
        work --until-done  works them until nothing is pending
        verify             checks in SQL what was written, and exits with 1 if it is wrong""";

  private Quickstart() {}

  /** Runs a command. Exits with 0 if all went well, 1 if not, 2 if it was not understood. */
  public static void main(String[] args) throws Exception {
    int code = run(List.of(args), settings());
    if (code != 0) {
      System.exit(code);
    }
    // Otherwise the JVM ends by itself: threads that hang are daemons and hold nothing up.
  }

  private static Settings settings() {
    try {
      return Settings.of(System.getenv());
    } catch (IllegalArgumentException wrong) {
      // The message names the setting; a stack would only hide that.
      System.err.println(wrong.getMessage());
      System.exit(2);
      throw wrong;
    }
  }

  private static int run(List<String> args, Settings settings) throws Exception {
    switch (String.join(" ", args)) {
      case "", "demo" -> {
        return demo(settings) ? 0 : 1;
      }
      case "postgres" -> SharedPostgres.run();
      case "feed" -> Feed.run(settings);
      case "work" -> Work.run(settings, false);
      case "work --until-done" -> Work.run(settings, true);
      case "verify" -> {
        return Verify.run(settings) ? 0 : 1;
      }
      default -> {
        System.err.println(USAGE);
        return 2;
      }
    }
    return 0;
  }

  private static boolean demo(Settings settings) throws Exception {
    try (Database database = Database.open(settings);
        Llm llm = Llm.of(settings.llm(), settings.timeout());
        Summarizer summarizer = new Summarizer(llm.endpoint())) {
      return new Demo(database.dataSource(), llm, summarizer, settings).play();
    }
  }
}
