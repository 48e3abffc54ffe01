namespace MatchCluster.Matching.Uses;

/// <summary>How much of an answer a partner sees; each shows what the ones before it show, and more.</summary>
public enum ReleaseProfile
{
    /// <summary>Whether there is a candidate, with an opaque reference.</summary>
    Hit,

    /// <summary>Opaque ids of the candidates and their ranks.</summary>
    Candidates,

    /// <summary>Scores too.</summary>
    Scores,

    /// <summary>Everything, with the ids that the gallery knows.</summary>
    Full,
}
