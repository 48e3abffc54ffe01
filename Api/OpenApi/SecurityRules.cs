using MatchCluster.Api.Http.Access;
using Microsoft.OpenApi;

namespace MatchCluster.Api.OpenApi;

/// <summary>The scope of each operation, from the rule of its route, in the form of OSIA's own description.</summary>
internal static class SecurityRules
{
    /// <summary>OSIA's name of the scheme.</summary>
    public const string Scheme = "BearerAuth";

    /// <summary>Carries the scope from the endpoint to the document; it is not written.</summary>
    private const string Note = "matchcluster-scope";

    public static void AddTo(OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "An access token of the issuer; instead of it, a client certificate of a partner.",
        };
    }

    /// <summary>Notes the scope of an operation while its endpoint is known.</summary>
    public static void Mark(OpenApiOperation operation, IList<object> metadata)
    {
        if (metadata.OfType<AccessRule>().LastOrDefault()?.Scope is { } scope)
        {
            operation.Metadata ??= new Dictionary<string, object>();
            operation.Metadata[Note] = scope;
        }
    }

    public static void Apply(OpenApiOperation operation, OpenApiDocument document, bool isChecked)
    {
        // An empty requirement is OpenAPI's word for "no authentication".
        if (operation.Metadata?.TryGetValue(Note, out object? noted) != true)
        {
            operation.Security = [[]];
            return;
        }

        string scope = (string)noted!;
        OpenApiSecurityRequirement needed = new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [scope] };
        operation.Security = isChecked ? [needed] : [needed, []];
        operation.Description += $" Scope: `{scope}`.";
    }
}
