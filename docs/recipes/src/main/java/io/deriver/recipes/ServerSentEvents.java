package io.deriver.recipes;

import io.deriver.RunContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Reads a stream of server-sent events as far as it goes. */
final class ServerSentEvents {

  private static final String DATA = "data:";

  private ServerSentEvents() {}

  // docs:start events
  /** The data fields, a line each. Comments are keep-alives: they are no progress. */
  static String read(InputStream body, RunContext run) throws IOException {
    StringBuilder text = new StringBuilder();
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      run.throwIfCancelled();
      if (line.startsWith(DATA)) {
        run.progress();
        text.append(line.substring(DATA.length()).strip()).append('\n');
      }
    }
    return text.toString();
  }
  // docs:end
}
