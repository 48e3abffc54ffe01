using MatchCluster.Matching.Tests.Storage;
using Microsoft.Extensions.Configuration;
using AppHostSettings = MatchCluster.AppHost.AppHostSettings;

namespace MatchCluster.Grains.Tests.AppHosts;

public sealed class AppHostSettingsTests
{
    [Fact]
    public void The_folders_of_biometric_data_are_their_users_alone()
    {
        using TempDirectory home = new();
        AppHostSettings settings = AppHostSettings.Read(new ConfigurationBuilder().Build(), home.Path);
        Assert.Equal(Path.Combine(home.Path, "data"), settings.Data);
        foreach (string folder in (string[])[settings.Data, settings.Folder("garnet")])
        {
            Assert.True(Directory.Exists(folder));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                    File.GetUnixFileMode(folder));
            }
        }
    }
}
