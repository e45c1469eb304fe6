package dev.ninetunnel.session;

import dev.ninetunnel.link.Traffic;
import java.time.Duration;
import java.util.Optional;

/**
 * What has happened over all links of a session until now.
 *
 * @param age how long ago it began
 * @param resumes how often it has gone over to another link
 * @param sent what has gone out on links; what was sent again is counted again
 * @param received what has come
 * @param silence how long ago the far side was last heard of
 * @param roundTrip how long the last probe of the link took to be answered; empty if none was needed on it
 */
public record SessionStats(Duration age, int resumes, Traffic.Amount sent, Traffic.Amount received,
        Optional<Duration> silence, Optional<Duration> roundTrip) {}
