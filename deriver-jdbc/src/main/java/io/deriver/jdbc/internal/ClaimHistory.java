package io.deriver.jdbc.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.jdbc.DeadLetter;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what keys and dead letters remember of their claims. Thread-safe. */
final class ClaimHistory {

  private final ObjectMapper json = new ObjectMapper();

  Map<String, Integer> ended(String text) throws SQLException {
    try {
      return json.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new SQLException("the counts of how claims ended are no JSON", e);
    }
  }

  List<DeadLetter.AttemptError> errors(String text) throws SQLException {
    List<DeadLetter.AttemptError> errors = new ArrayList<>();
    try {
      for (JsonNode entry : json.readTree(text)) {
        errors.add(
            new DeadLetter.AttemptError(
                OffsetDateTime.parse(entry.path("at").asText()).toInstant(),
                entry.path("attempt").asInt(),
                entry.path("cause").asText(),
                entry.path("node").asText(),
                entry.path("error").asText()));
      }
    } catch (JsonProcessingException e) {
      throw new SQLException("the error history is no JSON", e);
    }
    return errors;
  }
}
