using System.Runtime.InteropServices;

namespace ControlPlane.Embedded.Storage.Files;

/// <summary>Making changes of a folder last.</summary>
internal static class DurableFolder
{
    private const int ReadOnly = 0;

    /// <summary>Takes a folder for this process alone.</summary>
    /// <exception cref="IOException">Another process has it.</exception>
    internal static FileStream Lock(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            // The operating system gives the lock up when the process ends, however it ends.
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"The state folder '{folder}' is in use by another process; only one may use it at a time.", exception);
        }
    }

    /// <summary>Puts a file in the place of another, so that after a crash the name stands for one of them, whole.</summary>
    internal static void Replace(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        Sync(Path.GetDirectoryName(to)!);
    }

    private static void Sync(string folder)
    {
        // Windows makes renames last by itself and cannot flush a folder.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw new IOException($"Cannot open folder '{folder}': error {Marshal.GetLastPInvokeError()}.");
        }

        try
        {
            if (Fsync(handle) != 0)
            {
                throw new IOException($"Cannot flush folder '{folder}': error {Marshal.GetLastPInvokeError()}.");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}
