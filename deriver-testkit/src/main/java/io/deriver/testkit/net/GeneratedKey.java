package io.deriver.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A new key with a certificate for the loopback interface. The JDK makes certificates in {@code
 * keytool} alone, which is why that is run, in a process of its own; a library for it would be one
 * more that each host must take.
 *
 * @param store holds it under {@link #ALIAS}
 * @param password of the key in it; its file is gone
 */
record GeneratedKey(KeyStore store, String password) {

  static final String ALIAS = "loopback";

  private static final String PASSWORD_VARIABLE = "DERIVER_LOOPBACK_KEY";
  private static final List<String> OPTIONS_OF_THIS_JVM =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");
  private static final int LIMIT_SECONDS = 60;

  static GeneratedKey make(Path keytool) throws GeneralSecurityException {
    try {
      Path folder = Files.createTempDirectory("loopback-tls");
      Path file = folder.resolve("key.p12");
      Path said = folder.resolve("keytool.log");
      try {
        String password = UUID.randomUUID().toString();
        run(keytool, file, said, password);
        return new GeneratedKey(
            KeyStore.getInstance(file.toFile(), password.toCharArray()), password);
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(said);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no certificate could be made with " + keytool, e);
    }
  }

  private static void run(Path keytool, Path file, Path said, String password) throws IOException {
    ProcessBuilder command =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost, O=deriver testkit",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass:env",
                PASSWORD_VARIABLE)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    // Not among the arguments, which every user of the machine can list.
    command.environment().put(PASSWORD_VARIABLE, password);
    // What the test's own JVM was started with, an agent say, is not meant for this one.
    OPTIONS_OF_THIS_JVM.forEach(command.environment()::remove);
    Process process = command.start();
    boolean ended = endsInTime(process);
    process.destroyForcibly().onExit().join();
    if (!ended) {
      throw new IOException("keytool has not ended within %d s".formatted(LIMIT_SECONDS));
    }
    if (process.exitValue() != 0) {
      throw new IOException("keytool failed: " + Files.readString(said));
    }
  }

  /**
   * Not ended by an interrupt: the key is the whole JVM's, not that of the thread that came first.
   */
  private static boolean endsInTime(Process process) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
