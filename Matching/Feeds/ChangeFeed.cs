namespace MatchCluster.Matching.Feeds;

/// <summary>The change logs of a store with the keys of their states.</summary>
/// <param name="Log">The logs.</param>
/// <param name="Keys">The keys of the galleries.</param>
public sealed record ChangeFeed(IChangeLog Log, FeedKeys Keys);
