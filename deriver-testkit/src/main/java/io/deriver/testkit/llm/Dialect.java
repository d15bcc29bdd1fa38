package io.deriver.testkit.llm;

/** The LLM API that a request was written for. */
public enum Dialect {
  /** Chat completions, as OpenAI and the many that copy it serve them. */
  OPENAI,
  /** Anthropic's messages. */
  ANTHROPIC,
  /** Gemini's generateContent and streamGenerateContent. */
  GEMINI
}
