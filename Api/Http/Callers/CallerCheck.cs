using System.Net;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// A page of somebody else in a browser of this machine must not be able to call: where no credentials are configured
/// nothing else would stop it. A browser says where a request comes from; programs say nothing of it and are let
/// through.
/// </summary>
/// <remarks>
/// <para>The <c>Host</c> must be a name of this server: a name of somebody else that was made to point here (DNS
/// rebinding) would let its page read every answer as its own.</para>
/// <para>A request that may change something must not come from another origin: <c>Sec-Fetch-Site</c> and
/// <c>Origin</c>, whichever is there.</para>
/// <para>A body must say that it is JSON, which is UTF-8. What a page can send to another server without
/// asking first is a form, plain text or a body without any type.</para>
/// </remarks>
internal sealed class CallerCheck(RequestDelegate next, HostNames names)
{
    private const string FetchSite = "Sec-Fetch-Site";
    private const string Localhost = "localhost";

    private static readonly string[] BodyTypes =
    [
        "application/json", "application/x-ndjson", "application/ndjson", "application/jsonl",
        "application/x-jsonlines", "text/csv",
    ];

    private static readonly string[] Utf8Names = ["utf-8", "utf8"];

    public Task InvokeAsync(HttpContext http)
    {
        Failure? failure = CheckHost(http.Request) ?? CheckOrigin(http.Request) ?? CheckBody(http);
        return failure is null ? next(http) : HttpAnswers.WriteAsync(http, failure);
    }

    private Failure? CheckHost(HttpRequest request)
    {
        // HTTP/1.0 knows no Host, and no browser speaks it.
        return (request.Headers.Host.Count == 0 && request.Protocol == "HTTP/1.0") || IsOurs(request.Host) ? null
            : new Failure(FailureCode.OtherHost,
                $"Host: found '{Printable(request.Host.Value)}', wanted localhost, a loopback address "
                    + "or a name given by --hosts");
    }

    private bool IsOurs(HostString host) =>
        host.HasValue && (host.Host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address))
            || names.Contains(host.Host.Trim('[', ']')));

    private static Failure? CheckOrigin(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method))
        {
            return null; // Changes nothing, and what it answers no other origin may read.
        }

        string? site = request.Headers[FetchSite];
        if (site is not (null or "same-origin" or "none"))
        {
            return Foreign($"{FetchSite}: found '{Printable(site)}', wanted same-origin");
        }

        // Behind a proxy that ends TLS the scheme differs; the host and the port do not.
        string? origin = request.Headers.Origin;
        bool isOwn = origin is null || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page)
            && HostString.FromUriComponent(page).Equals(request.Host));
        return isOwn ? null : Foreign($"Origin: found '{Printable(origin)}', wanted this server's own or none");
    }

    private static Failure? CheckBody(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out MediaTypeHeaderValue? type)
            || !(BodyTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
                || type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
        {
            return HttpAnswers.FailureOfServer(StatusCodes.Status415UnsupportedMediaType);
        }

        return CheckCharset(http.Request, type);
    }

    /// <summary>
    /// JSON is UTF-8. A caller may say so, in any spelling; the framework knows one spelling and is not told.
    /// </summary>
    private static Failure? CheckCharset(HttpRequest request, MediaTypeHeaderValue type)
    {
        NameValueHeaderValue[] stated = [.. type.Parameters.Where(
            parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase))];
        foreach (NameValueHeaderValue charset in stated)
        {
            string name = charset.GetUnescapedValue().ToString();
            if (!Utf8Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return new Failure(FailureCode.UnsupportedMediaType,
                    $"Content-Type: found charset '{Printable(name)}', wanted utf-8");
            }
        }

        if (stated.Length > 0)
        {
            request.ContentType = type.MediaType.ToString();
        }

        return null;
    }

    private static Failure Foreign(string found) =>
        new(FailureCode.OtherOrigin, $"the request comes from a page of another origin; {found}");

    /// <summary>A name of somebody else's choice, for a person to read.</summary>
    private static string Printable(string? text)
    {
        const int Most = 100;
        string known = text ?? "";
        return string.Concat(known.Take(Most).Select(c => c is >= ' ' and <= '~' ? c : '?'));
    }
}

/// <summary>Names of this server beside the loopback ones, for a proxy on this machine that leaves the Host
/// alone.</summary>
/// <param name="Names">Hosts without port.</param>
internal sealed record HostNames(IReadOnlyList<string> Names)
{
    public static HostNames None { get; } = new([]);

    /// <summary>Names separated by ';', or null where one is no host name.</summary>
    public static HostNames? Read(string text)
    {
        string[] names = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length > 0 && names.All(name => Uri.CheckHostName(name) != UriHostNameType.Unknown)
            ? new HostNames(names) : null;
    }

    /// <summary>These and addresses that the server was told to listen on.</summary>
    public HostNames And(IEnumerable<IPAddress> addresses) =>
        new([.. Names, .. addresses.Select(address => address.ToString())]);

    public bool Contains(string host) => Names.Contains(host, StringComparer.OrdinalIgnoreCase);
}
