package io.deriver.testkit.net;

/**
 * A piece of a conversation that is passed on as a whole.
 *
 * @param text what traps look for their words in; empty for what they pass over
 * @param last whether a request ends with it, or an answer
 * @param request which request it belongs to, or is the answer to; always 0 where that cannot be
 *     known
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares frames
record Frame(byte[] bytes, String text, boolean last, long request) {}
