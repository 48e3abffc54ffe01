namespace MatchCluster.Api.Subscriptions;

/// <summary>What alerts are about.</summary>
internal static class AlertKinds
{
    /// <summary>Somebody who came into a gallery resembles a subscription's probe.</summary>
    public const string Hit = "hit";

    /// <summary>Changes of a gallery were not looked at.</summary>
    public const string Gap = "gap";

    /// <summary>Another partner's search or enrolment met a person of the owner.</summary>
    public const string WrapBack = "wrapBack";

    /// <summary>The cause of a wrap-back: a search.</summary>
    public const string Search = "search";

    /// <summary>The cause of a wrap-back: an enrolment.</summary>
    public const string Enrolment = "enrolment";
}
