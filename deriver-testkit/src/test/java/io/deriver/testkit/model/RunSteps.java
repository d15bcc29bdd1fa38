package io.deriver.testkit.model;

import static io.deriver.testkit.model.World.ANSWER_LOST;
import static io.deriver.testkit.model.World.EFFECT_MADE;
import static io.deriver.testkit.model.World.ENDED_PROCESS;
import static io.deriver.testkit.model.World.FAILED;
import static io.deriver.testkit.model.World.HUNG;
import static io.deriver.testkit.model.World.IDLE;
import static io.deriver.testkit.model.World.KEYS;
import static io.deriver.testkit.model.World.LOOKED;
import static io.deriver.testkit.model.World.NOBODY;
import static io.deriver.testkit.model.World.TIMED_OUT;
import static io.deriver.testkit.model.World.WORKING;

import java.util.Set;

/** What a node's run can do next, and its abandoned thread. */
final class RunSteps {

  private final Faults faults;
  private final Set<Flaw> flaws;
  private final ClaimEnds ends;

  RunSteps(Faults faults, Set<Flaw> flaws, ClaimEnds ends) {
    this.faults = faults;
    this.flaws = flaws;
    this.ends = ends;
  }

  void run(Steps steps, int node) {
    World now = steps.now;
    int items = now.runItems[node];
    int key = now.runKey[node];
    String who = "node " + node + ": ";
    switch (now.phase[node]) {
      case WORKING -> {
        if ((items & faults.killers()) != 0) {
          steps.add(who + "the run ends its process", w -> endProcess(w, node));
          return;
        }
        apply(steps, node, who);
        if ((items & faults.failing()) != 0) {
          steps.fault(who + "the run fails", w -> w.phase[node] = FAILED);
        }
        if ((items & faults.hanging()) != 0) {
          steps.fault(who + "the run hangs", w -> w.phase[node] = HUNG);
        }
      }
      case HUNG -> {
        if (!flaws.contains(Flaw.NO_TIMEOUT)) {
          steps.add(who + "a limit ends the run", w -> abandon(w, node));
        }
      }
      case FAILED, TIMED_OUT ->
          steps.add(
              who + "the failure is written",
              w -> {
                if (w.current[node] == 1) {
                  ends.retry(w, key);
                }
                w.phase[node] = IDLE;
              });
      case ANSWER_LOST ->
          steps.add(
              who + "the claim is given back",
              w -> {
                if (w.current[node] == 1) {
                  ends.release(w, key);
                }
                w.phase[node] = IDLE;
              });
      case EFFECT_MADE -> steps.add(who + "the completion is written", w -> complete(w, node, 0));
      case LOOKED ->
          steps.add(
              who + "the unit is completed, its head deleted",
              w -> {
                complete(w, node, 1);
                ends.loseHead(w, key);
              });
      default -> {}
    }
  }

  private void apply(Steps steps, int node, String who) {
    World now = steps.now;
    if (flaws.contains(Flaw.EFFECT_OUTSIDE_THE_TRANSACTION)) {
      steps.add(
          who + "the effect is made",
          w -> {
            ClaimEnds.addEffects(w, w.runItems[node], 1);
            w.phase[node] = EFFECT_MADE;
          });
      return;
    }
    if (flaws.contains(Flaw.DRAINED_HEAD_BY_LOOKING)
        && now.current[node] == 1
        && now.pending(now.runKey[node]) == now.runItems[node]) {
      steps.add(who + "no other item is seen", w -> w.phase[node] = LOOKED);
      return;
    }
    steps.add(who + "effect and completion commit", w -> complete(w, node, 1));
    if (now.left[World.LOST_ANSWERS] > 0) {
      steps.fault(
          who + "they commit, the answer is lost",
          w -> {
            w.left[World.LOST_ANSWERS]--;
            complete(w, node, 1);
            w.phase[node] = ANSWER_LOST;
          });
      steps.fault(
          who + "the commit is lost",
          w -> {
            w.left[World.LOST_ANSWERS]--;
            w.phase[node] = ANSWER_LOST;
          });
    }
  }

  private void complete(World world, int node, int effects) {
    ends.complete(
        world, world.runKey[node], world.runItems[node], world.current[node] == 1, effects);
    world.phase[node] = IDLE;
    world.current[node] = 0;
  }

  static void abandon(World world, int node) {
    world.zombie[node] = 1;
    world.zombieKey[node] = world.runKey[node];
    world.zombieItems[node] = world.runItems[node];
    world.zombieCurrent[node] = world.current[node];
    world.phase[node] = TIMED_OUT;
  }

  void zombie(Steps steps, int node) {
    World now = steps.now;
    if (now.zombie[node] == 0) {
      return;
    }
    int key = now.zombieKey[node];
    steps.fault(
        "node " + node + ": the abandoned thread comes back",
        w -> {
          w.zombie[node] = 0;
          if (flaws.contains(Flaw.FAILURE_NOT_FENCED) && w.holder[key] != NOBODY) {
            ends.retry(w, key);
          } else {
            ends.complete(w, key, w.zombieItems[node], w.zombieCurrent[node] == 1, 1);
          }
        });
  }

  void endProcess(World world, int node) {
    for (int key = 0; key < KEYS; key++) {
      if (world.holder[key] == node + 1) {
        world.holder[key] = ENDED_PROCESS;
        if (flaws.contains(Flaw.ATTEMPTS_FORGOTTEN)) {
          world.attempts[key] = 0;
        }
      }
    }
    world.phase[node] = IDLE;
    world.current[node] = 0;
    world.zombie[node] = 0;
    world.paused[node] = 0;
    world.expired[node] = 0;
  }
}
