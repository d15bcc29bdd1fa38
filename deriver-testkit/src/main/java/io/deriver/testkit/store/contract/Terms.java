package io.deriver.testkit.store.contract;

import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a test asks of a claim, most of it at defaults: one key, whole units, a guard of an hour,
 * three attempts.
 */
record Terms(
    List<String> types,
    int maxKeys,
    int probation,
    int suspects,
    Duration guard,
    int maxItems,
    int maxBytes,
    int maxAttempts,
    boolean renews) {

  static Terms of(String... types) {
    return new Terms(Arrays.asList(types), 1, 100, 100, Duration.ofHours(1), 100, 1 << 20, 3, true);
  }

  Terms keys(int keys) {
    return new Terms(
        types, keys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, renews);
  }

  Terms standing(int probation, int suspects) {
    return new Terms(
        types, maxKeys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, renews);
  }

  Terms guard(Duration guard) {
    return new Terms(
        types, maxKeys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, renews);
  }

  Terms items(int maxItems) {
    return new Terms(
        types, maxKeys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, renews);
  }

  Terms bytes(int maxBytes) {
    return new Terms(
        types, maxKeys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, renews);
  }

  Terms attempts(int maxAttempts) {
    return new Terms(
        types, maxKeys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, renews);
  }

  Terms notRenewing() {
    return new Terms(
        types, maxKeys, probation, suspects, guard, maxItems, maxBytes, maxAttempts, false);
  }

  ClaimRequest request() {
    return new ClaimRequest(
        types.stream()
            .map(type -> new TypeTerms(type, guard, maxItems, maxBytes, maxAttempts))
            .toList(),
        maxKeys,
        probation,
        suspects,
        renews);
  }
}
