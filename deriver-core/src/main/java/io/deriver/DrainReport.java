package io.deriver;

/**
 * What a drain did with the runs that were live when it began.
 *
 * @param ended runs that ended by themselves in time
 * @param released runs that were ended by force and whose claims were given back, attempt uncounted
 * @param abandoned of the released, those whose thread had not returned when the report was made
 * @param unwritten outcomes that the store had not taken in time; the reaper of another node takes
 *     their claims back
 */
public record DrainReport(int ended, int released, int abandoned, int unwritten) {}
