namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// Where what is made of the files of a folder is written: under the same folders and names without their ending.
/// Where two files differ in their ending alone, both keep it, so that neither overwrites the other.
/// </summary>
internal sealed class OutputNames
{
    private readonly string root;
    private readonly HashSet<string> ambiguous;

    /// <param name="root">The folder that was read.</param>
    /// <param name="files">Every file of it that something is made of.</param>
    public OutputNames(string root, IEnumerable<string> files)
    {
        this.root = root;
        this.ambiguous = new(
            files.Select(Bare).GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1).Select(group => group.Key),
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The name of a file of the folder, with its folders, without what follows for the kind of output.
    /// </summary>
    public string Of(string file) =>
        this.ambiguous.Contains(Bare(file)) ? Path.GetRelativePath(this.root, file) : Bare(file);

    /// <summary>Writes a file of the output, with the folders that it needs; it appears when it is whole.</summary>
    public void Write(DirectoryInfo output, string file, string ending, byte[] bytes)
    {
        string path = PathOf(output, file, ending);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = path + ".part";
        File.WriteAllBytes(unfinished, bytes);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>The path of a file of the output.</summary>
    /// <param name="output">The folder that is written.</param>
    /// <param name="file">The file that was read.</param>
    /// <param name="ending">The ending with its dot.</param>
    public string PathOf(DirectoryInfo output, string file, string ending) =>
        Path.Combine(output.FullName, Of(file) + ending);

    private string Bare(string file) => Path.ChangeExtension(Path.GetRelativePath(this.root, file), null);
}
