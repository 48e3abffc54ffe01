namespace MatchCluster.Api.Http.Access;

/// <summary>
/// Who may ask a route: metadata that every route has. A route without one is refused wherever callers are checked.
/// </summary>
/// <param name="Scope">The scope that a caller needs; null where the route is open to everybody.</param>
/// <param name="Reason">Why it is open; null where it needs a scope.</param>
internal sealed record AccessRule(string? Scope, string? Reason);

/// <summary>Metadata of a route that natural persons alone may call: a program signs for nobody.</summary>
internal sealed record PersonRule;

internal static class AccessRules
{
    /// <summary>The route is for natural persons, whose token tells when they logged in.</summary>
    public static TBuilder NeedsPerson<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new PersonRule());

    /// <summary>The route is for callers who have this scope.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, string scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(scope, null));

    /// <summary>The route is for everybody, whoever calls.</summary>
    /// <param name="route">The route.</param>
    /// <param name="reason">Why nothing is given away by it.</param>
    public static TBuilder IsOpen<TBuilder>(this TBuilder route, string reason)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(null, reason));
}
