namespace MatchCluster.Api.Subscriptions;

/// <summary>What alerts are about.</summary>
internal static class AlertKinds
{
    /// <summary>Somebody who came into a gallery resembles a subscription's probe.</summary>
    public const string Hit = "hit";

    /// <summary>Changes of a gallery were not looked at.</summary>
    public const string Gap = "gap";

    /// <summary>Another partner's search met a person of the owner.</summary>
    public const string WrapBack = "wrapBack";
}
