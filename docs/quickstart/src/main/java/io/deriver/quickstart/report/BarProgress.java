package io.deriver.quickstart.report;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that is drawn over and over on one line. */
final class BarProgress implements Progress {

  private final ProgressBar bar;

  BarProgress(String what, int goal) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(goal)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .build();
  }

  @Override
  public void show(int done) {
    bar.stepTo(done);
  }

  @Override
  public void close() {
    bar.close();
  }
}
