package io.deriver.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A file of arguments for {@code java @file}: command lines are bounded, class paths are not. */
record ArgumentFile(Path path) {

  static ArgumentFile write(List<String> arguments) {
    try {
      Path path = Files.createTempFile("java-process-", ".args");
      Files.writeString(
          path,
          arguments.stream().map(ArgumentFile::quoted).collect(Collectors.joining()),
          Charset.forName(System.getProperty("native.encoding", "UTF-8")));
      return new ArgumentFile(path);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the arguments of a process", e);
    }
  }

  private static String quoted(String argument) {
    return '"'
        + argument
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
        + "\"\n";
  }

  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // A file more in the folder for such files.
    }
  }
}
