package io.deriver.quickstart.host;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.quickstart.SummaryRow;
import io.deriver.quickstart.data.Message;
import io.deriver.quickstart.llm.Summarizer;

/**
 * The work of the host: messages of a conversation in, a row in the host's own table out. The row
 * is written in the transaction that completes the claim, so that it is there once, whatever
 * happens.
 */
public final class SummaryProcessor implements Processor<Message> {

  /** The kind of work: messages, grouped by conversation. */
  public static final ItemType<Message> TYPE = ItemType.of("summary", Message.class);

  private final PostgresQueue queue;
  private final Summarizer summarizer;
  private final String schema;
  private final Units units;

  /**
   * A processor that asks this summarizer.
   *
   * @param schema where the {@code summary} table is
   * @param units is told of each unit
   */
  public SummaryProcessor(PostgresQueue queue, Summarizer summarizer, String schema, Units units) {
    this.queue = queue;
    this.summarizer = summarizer;
    this.schema = schema;
    this.units = units;
  }

  @Override
  public Outcome process(WorkUnit<Message> unit, RunContext run) {
    units.add(unit.items().size(), unit.cut());
    String text =
        summarizer.summarize(
            unit.key(), unit.payloads(), cancel -> run.onCancel(cancel::run)::close);
    SummaryRow row = SummaryRow.of(unit.key(), unit.payloads(), run.fence(), text);
    return queue.applyJdbc(tx -> row.insert(tx, schema));
  }
}
