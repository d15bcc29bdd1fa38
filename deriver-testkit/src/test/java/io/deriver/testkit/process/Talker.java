package io.deriver.testkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that does what its lines tell it. */
final class Talker {

  private Talker() {}

  /** Prints its arguments, then what each line of its input makes it print; then it may stay. */
  public static void main(String[] args) throws IOException, InterruptedException {
    say("arguments " + Arrays.toString(args));
    say("property " + System.getProperty("talker"));
    say("variable " + System.getenv("TALKER"));
    say("folder " + Path.of("").toAbsolutePath());
    say("memory " + Runtime.getRuntime().maxMemory());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> say("asked to end")));
    say("ready");
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = input.readLine()) != null; ) {
      switch (line) {
        case "exit" -> System.exit(3);
        case "halt" -> Runtime.getRuntime().halt(4);
        case "hoard" -> {
          for (List<byte[]> hoard = new ArrayList<>(); ; ) {
            hoard.add(new byte[1 << 20]);
            say("hoards " + hoard.size());
          }
        }
        case "throw" -> throw new IllegalStateException("as told");
        case "flood" -> {
          for (int i = 0; i < 20_000; i++) {
            say("flood " + i);
          }
        }
        case "start sleep" -> {
          Process child = new ProcessBuilder("sleep", "600").start();
          say("child " + child.pid());
        }
        case "start talker" -> {
          JavaProcess child = JavaProcess.of(Talker.class).args("stays").start();
          say("child " + child.pid());
        }
        default -> say("heard " + line);
      }
    }
    if (List.of(args).contains("stays")) {
      new CountDownLatch(1).await();
    }
  }

  private static void say(String line) {
    System.out.write((line + "\n").getBytes(StandardCharsets.UTF_8), 0, bytes(line) + 1);
    System.out.flush();
  }

  private static int bytes(String line) {
    return line.getBytes(StandardCharsets.UTF_8).length;
  }
}
