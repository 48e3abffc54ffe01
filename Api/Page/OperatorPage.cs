using System.Reflection;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using Microsoft.Net.Http.Headers;

namespace MatchCluster.Api.Page;

/// <summary>
/// The operator's page at / and its parts under /page: plain files that are in the program, so that it works where no
/// other server can be reached. It asks the routes that any caller asks.
/// </summary>
internal static class OperatorPage
{
    /// <summary>Nothing from elsewhere is loaded or framed, and no text of the page runs as a script.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    public static void MapOperatorPage(this IEndpointRouteBuilder app)
    {
        const string Folder = "page/";
        Assembly assembly = typeof(OperatorPage).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder)))
        {
            byte[] content = Read(assembly, resource);
            string type = Types[Path.GetExtension(resource)];
            app.MapGet(resource == "page/index.html" ? "/" : $"/{resource}", http => AnswerAsync(http, content, type))
                .ExcludeFromDescription()
                .IsOpen("files of the program; what they show is asked with the credentials of whoever looks")
                .WithMetadata(AuditRule.Exempt("it is a file of the program"));
        }
    }

    private static async Task AnswerAsync(HttpContext http, byte[] content, string type)
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers[HeaderNames.ContentSecurityPolicy] = Policy;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // A server that was exchanged must not be shown by the page of the old one.
        headers[HeaderNames.CacheControl] = "no-cache";
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    private static byte[] Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
