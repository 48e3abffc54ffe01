using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MatchCluster.Api.Http.Access;

/// <summary>What the check of callers needs of the framework.</summary>
internal static class AccessServices
{
    /// <remarks>
    /// The parts of AddAuthentication without its data protection, which would keep keys for cookies in the home
    /// directory of whoever runs the server: there are no cookies.
    /// </remarks>
    public static void AddAccess(this IServiceCollection services, AccessSettings access)
    {
        services.AddSingleton(access);
        if (access.Tokens is not { } tokens)
        {
            return;
        }

        services.AddAuthenticationCore();
        services.TryAddSingleton(UrlEncoder.Default);
        services.AddSingleton<IAuthenticationConfigurationProvider, NoConfiguration>();
        new AuthenticationBuilder(services).AddJwtBearer(options => TokenCheck.Configure(options, tokens));
    }

    /// <summary>The server reads no configuration but its arguments.</summary>
    private sealed class NoConfiguration : IAuthenticationConfigurationProvider
    {
        public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationBuilder().Build();
    }
}
