package io.deriver.testkit.llm;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** Which reply a request gets: the first rule's that it matches, or the default. */
final class Script {

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private volatile Function<LlmRequest, Reply> otherwise;

  Script() {
    Reply answer = Reply.answer();
    otherwise = request -> answer;
  }

  void add(Predicate<LlmRequest> when, Function<LlmRequest, Reply> reply) {
    rules.add(new Rule(when, reply));
  }

  void otherwise(Function<LlmRequest, Reply> reply) {
    otherwise = reply;
  }

  void clear() {
    rules.clear();
  }

  /** Never throws: a rule that does is the client's 500. */
  Reply replyTo(LlmRequest request) {
    try {
      for (Rule rule : rules) {
        if (rule.when().test(request)) {
          return rule.reply().apply(request);
        }
      }
      return otherwise.apply(request);
    } catch (RuntimeException e) {
      return new Reply.Failure(500, "a rule of the script threw " + e, null);
    }
  }

  private record Rule(Predicate<LlmRequest> when, Function<LlmRequest, Reply> reply) {}
}
