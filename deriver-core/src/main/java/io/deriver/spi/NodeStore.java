package io.deriver.spi;

import java.util.List;
import java.util.Set;

/**
 * A node's way to the store. Each duty of the pool calls its own method from its own thread, so the
 * calls must not wait for one another: {@link #claim}, {@link #write}, {@link #renew} and {@link
 * #reap} each have a connection of their own that no host code can hold.
 *
 * <p>Every call but {@link #apply} returns or throws {@link StoreException} within about the call
 * limit of the {@link NodeSpec}, whatever the network does; a call that failed leaves nothing that
 * would make the next one fail.
 */
public interface NodeStore extends AutoCloseable {

  /** Of so many calls of {@link #claim} one goes by the age of keys alone. */
  int BY_AGE_EVERY = 4;

  /** The node's id, random at each join. */
  String nodeId();

  /**
   * Claims keys that wait, those of the highest priority first and of equal ones the oldest, each
   * with its items, the attempt counted in the same transaction. Each fourth call ({@link
   * #BY_AGE_EVERY}) goes by age alone. If it claims anything the node's lease is alive after it,
   * and renewed where that is asked for. The cost depends on how many it claims, not on how many
   * wait.
   */
  ClaimBatch claim(ClaimRequest request);

  /**
   * Writes ends of claims. One that cannot be written takes no other down.
   *
   * @return an answer for each write, in the same order
   */
  List<WriteAnswer> write(List<OutcomeWrite> writes);

  /**
   * Runs the step and completes the claim in one transaction, on the calling thread, which is the
   * run's. The fence is checked first. After the step the store asks {@link ApplyGate#close()}; if
   * that says no, or the completion is refused, everything is rolled back.
   *
   * @throws Exception what the step threw, after the rollback
   */
  WriteAnswer apply(ClaimId claim, CompletionStep step, ApplyGate gate) throws Exception;

  /** Renews the node's lease, even one that has expired, and says which claims it holds. */
  Renewal renew();

  /**
   * Gives back those of these claims that the node holds and whose guard has not passed, as {@link
   * ClaimEnd.Released} without a delay would: nobody works them, since the answer that brought them
   * was lost. Called where {@link #renew} is.
   *
   * @param fences of the node's own claims; others are passed over
   * @return which were given back; one that could not be, for instance because it is locked, is
   *     left
   */
  List<ClaimId> giveBack(Set<Long> fences);

  /**
   * Takes back, of any node, claims whose node lease or guard has passed: a bounded number in a
   * pass. Attempts stay counted, but for a key that was no suspect when its process died: it
   * becomes a suspect and gets the attempt back. Where the attempt counts, the key shrinks as after
   * {@link ClaimEnd.Retried}; a unit of one item whose attempts are used up becomes a dead letter.
   */
  ReapReport reap();

  /** The cheapest question to the store, on the reaper's connection. */
  void probe();

  /**
   * Calls this when work may have come, as a hint: hints can be lost, and polling alone is right.
   * Called from the store's own threads; it returns at once.
   */
  void onHint(Runnable hint);

  /**
   * What a person should know about how the node is connected, for health; empty when all is well.
   */
  List<String> remarks();

  /** Lets the connections go, and the node's registration if it holds no claims. Never throws. */
  @Override
  void close();

  /** How {@link #apply} meets the run that it works for. */
  interface ApplyGate {

    /** What ends the transaction from outside; called on a side thread when the run is ended. */
    void onCancel(AutoCloseable abort);

    /**
     * Called once, when the step has ended and before the commit: takes the run's one decision.
     *
     * @return whether the run was still live; from here on it cannot be ended by force
     */
    boolean close();
  }
}
