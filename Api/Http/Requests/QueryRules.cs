using System.Collections.Concurrent;
using System.Reflection;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// Queries of both doors are read as strictly as bodies: a key that the route does not have, or has in another case,
/// is refused, so is one that comes twice, and a number or a truth value has one form (<see cref="Numerals"/>). What
/// a route has is what its endpoint declares.
/// </summary>
internal static class QueryRules
{

    private static readonly ConcurrentDictionary<Endpoint, IReadOnlyDictionary<string, Type>> Keys = new();

    /// <summary>
    /// Checks the query of a door; runs after routing and before the parameters are bound. The page, the metrics and
    /// the like are asked by browsers and scrapers with keys of their own.
    /// </summary>
    public static Task CheckAsync(HttpContext http, RequestDelegate next) =>
        http.GetEndpoint() is RouteEndpoint endpoint && RequestLine.IsDoor(http.Request.Path)
            && Check(http.Request, Keys.GetOrAdd(endpoint, _ => KeysOf(endpoint))) is { } failure
            ? FailureMiddleware.WriteAsync(http, failure)
            : next(http);

    /// <summary>The keys an endpoint declares, each with the type of its value.</summary>
    public static IReadOnlyDictionary<string, Type> KeysOf(RouteEndpoint endpoint)
    {
        Dictionary<string, Type> keys = new(StringComparer.Ordinal);
        foreach (IParameterBindingMetadata parameter in endpoint.Metadata.OfType<IParameterBindingMetadata>())
        {
            ParameterInfo declared = parameter.ParameterInfo;
            Type type = Nullable.GetUnderlyingType(declared.ParameterType) ?? declared.ParameterType;
            if (declared.GetCustomAttribute<FromQueryAttribute>() is { } query)
            {
                keys[query.Name ?? parameter.Name] = type;
            }
            else if (IsText(parameter, type) && endpoint.RoutePattern.GetParameter(parameter.Name) is null)
            {
                keys[parameter.Name] = type; // What is text and has no other source comes from the query.
            }
        }

        return keys;
    }

    private static bool IsText(IParameterBindingMetadata parameter, Type type) =>
        (type == typeof(string) || parameter.HasTryParse)
        && !parameter.ParameterInfo.GetCustomAttributes().Any(source => source is IFromRouteMetadata
            or IFromBodyMetadata or IFromHeaderMetadata or IFromServiceMetadata);

    /// <summary>
    /// The host leaves an escape that it cannot read as it stands: %FF would name whom %25FF names.
    /// </summary>
    private static Failure? Check(HttpRequest request, IReadOnlyDictionary<string, Type> keys)
    {
        if (!RequestLine.IsReadable(request.QueryString.Value ?? ""))
        {
            return Invalid($"the query: {RequestLine.UnreadableEscape}");
        }

        foreach ((string key, StringValues values) in request.Query)
        {
            Failure? failure = !keys.TryGetValue(key, out Type? type)
                ? Invalid($"unknown query key '{Failure.Shown(key)}', {WantedOf(keys)}")
                : values.Count != 1 ? Invalid($"{key}: found {values.Count} times in the query, wanted once")
                : CheckForm(key, values.ToString(), type);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    private static Failure? CheckForm(string key, string text, Type type)
    {
        string? wanted =
            (type == typeof(int) && !Numerals.TryReadWhole(text, out int _))
                || (type == typeof(long) && !Numerals.TryReadWhole(text, out long _)) ? "a whole number in plain digits"
            : type == typeof(double) && !Numerals.IsNumber(text)
                ? "a number in plain digits, with '.' before a fraction"
            : type == typeof(bool) && !Numerals.IsTruth(text) ? "true or false"
            : null;
        return wanted is null ? null : Failure.Invalid(key, text, wanted);
    }

    private static string WantedOf(IReadOnlyDictionary<string, Type> keys) => keys.Count == 0
        ? "this route has none" : "wanted " + string.Join(", ", keys.Keys.Order(StringComparer.Ordinal));

    private static Failure Invalid(string message) => new(FailureCode.InvalidParameter, message);
}
