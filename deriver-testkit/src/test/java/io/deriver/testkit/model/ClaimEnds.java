package io.deriver.testkit.model;

import static io.deriver.testkit.model.World.DEAD;
import static io.deriver.testkit.model.World.DONE;
import static io.deriver.testkit.model.World.ITEMS;
import static io.deriver.testkit.model.World.LOST;
import static io.deriver.testkit.model.World.MAX_ATTEMPTS;
import static io.deriver.testkit.model.World.NOBODY;
import static io.deriver.testkit.model.World.NODES;
import static io.deriver.testkit.model.World.PENDING;
import static io.deriver.testkit.model.World.keyOf;

import java.util.Set;

/** What the store does with a claim at its end. Each is one transaction. */
final class ClaimEnds {

  private static final int MANY = 3;

  private final Set<Flaw> flaws;

  ClaimEnds(Set<Flaw> flaws) {
    this.flaws = flaws;
  }

  /** Effects and completion in one transaction: all of it or, past the fence, nothing. */
  void complete(World world, int key, int items, boolean holds, int effects) {
    if (flaws.contains(Flaw.FENCE_NOT_CHECKED) ? world.pending(key) == 0 : !holds) {
      return;
    }
    addEffects(world, items, effects);
    for (int item = 0; item < ITEMS; item++) {
      if ((items & 1 << item) != 0) {
        world.place[item] = DONE;
      }
    }
    startAnew(world, key);
  }

  static void addEffects(World world, int items, int effects) {
    for (int item = 0; item < ITEMS; item++) {
      if ((items & 1 << item) != 0) {
        world.effects[item] = (byte) Math.min(MANY, world.effects[item] + effects);
      }
    }
  }

  /** The head is gone, and with it what was routed since it was looked at. */
  void loseHead(World world, int key) {
    for (int item = 0; item < ITEMS; item++) {
      if (keyOf(item) == key && world.place[item] == PENDING) {
        world.place[item] = LOST;
      }
    }
  }

  /** The unit failed, or a limit ended it. */
  void retry(World world, int key) {
    if (!buryAtTheLast(world, key)) {
      shrink(world, key);
      world.suspect[key] = 0;
      free(world, key);
    }
  }

  void release(World world, int key) {
    world.attempts[key]--;
    free(world, key);
  }

  /** The process of the claim is gone. */
  void crashed(World world, int key) {
    if (world.suspect[key] == 0 && !flaws.contains(Flaw.ATTEMPTS_OF_BYSTANDERS)) {
      world.suspect[key] = 1;
      if (world.attempts[key] > 0) {
        world.attempts[key]--;
      }
      free(world, key);
    } else if (!buryAtTheLast(world, key)) {
      shrink(world, key);
      free(world, key);
    }
  }

  /** Its node lives, and no end was written in time. */
  void guardPassed(World world, int key) {
    retry(world, key);
  }

  private void shrink(World world, int key) {
    if (!flaws.contains(Flaw.COMPANY_CONDEMNED)) {
      world.mostNext[key] = 1;
    }
  }

  private boolean buryAtTheLast(World world, int key) {
    int items = world.held[key];
    boolean alone = Integer.bitCount(items) == 1 || flaws.contains(Flaw.COMPANY_CONDEMNED);
    if (!alone || world.attempts[key] < MAX_ATTEMPTS) {
      return false;
    }
    for (int item = 0; item < ITEMS; item++) {
      if ((items & 1 << item) != 0) {
        world.place[item] = DEAD;
      }
    }
    startAnew(world, key);
    return true;
  }

  private void startAnew(World world, int key) {
    world.attempts[key] = 0;
    world.suspect[key] = 0;
    world.mostNext[key] = 0;
    free(world, key);
  }

  /** Whoever ran for the claim holds it no more. */
  private static void free(World world, int key) {
    world.holder[key] = NOBODY;
    world.held[key] = 0;
    for (int node = 0; node < NODES; node++) {
      if (world.runKey[node] == key) {
        world.current[node] = 0;
      }
      if (world.zombieKey[node] == key) {
        world.zombieCurrent[node] = 0;
      }
    }
  }
}
